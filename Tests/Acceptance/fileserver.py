"""A plain file server, with range requests or without, under a path or at the root."""

import contextlib
import functools
import http.server
import re
import threading


class Files(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as any host of files does; knows nothing of Kompass."""

    knows_ranges = True
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        stated = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not (stated and self.knows_ranges):
            return super().do_GET()
        with contextlib.suppress(OSError), open(self.translate_path(self.path), "rb") as file:
            size = file.seek(0, 2)
            first, last = int(stated[1]), min(int(stated[2]), size - 1)
            if first > last:
                return self.send_error(416)
            file.seek(first)
            part = file.read(last - first + 1)
            self.send_response(206)
            self.send_header("Content-Type", self.guess_type(self.path))
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            return self.wfile.write(part)
        return self.send_error(404)

    def copyfile(self, source, outputfile):
        # A browser that is closed takes no more.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)

    def log_message(self, *_):
        pass


class FileServer:
    """Serves a folder until it is closed."""

    def __init__(self, folder, knows_ranges=True):
        handler = type("Handler", (Files,), {"knows_ranges": knows_ranges})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
