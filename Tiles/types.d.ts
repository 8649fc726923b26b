/** What browsers have and the compiler's own library does not know yet. */
declare class DecompressionStream implements GenericTransformStream {
  constructor(format: "gzip" | "deflate" | "deflate-raw");
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}
