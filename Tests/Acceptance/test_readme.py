"""The README keeps its word: every command line of its example block runs."""

import re
import shlex

from project import KOMPASS, ROOT, ProjectTest

import subprocess


class ReadmeTest(ProjectTest):
    written = ("kompass.gpkg", "report.json", "offers.csv", "places.geojson", "kompass.pmtiles", "some.mbtiles", "public")

    def test_every_command_runs(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        lines = re.findall(r"^\$K (.*?)(?:\s+#.*)?$", text, re.M)
        commands = [line for line in lines if not line.startswith("serve")]
        self.assertGreaterEqual(len(commands), 6)
        for command in commands:
            words = [
                str(self.folder / word) if word in self.written else word for word in shlex.split(command)
            ]
            result = subprocess.run([KOMPASS, *words], capture_output=True, text=True, cwd=ROOT, check=False)
            self.assertEqual(result.returncode, 0, command + "\n" + result.stderr + result.stdout)
        for command in [line for line in lines if line.startswith("serve")]:
            for option in re.findall(r"--[\w-]+", command):
                help_text = subprocess.run([KOMPASS, "serve", "--help"], capture_output=True, text=True, check=True)
                self.assertIn(option, help_text.stdout)
