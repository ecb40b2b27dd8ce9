/** Cuts a stream of bytes into lines. */
export class TextLineStream extends TransformStream<Uint8Array, string> {
  /** Makes the stream; the line breaks are not part of the lines. */
  constructor() {
    const decoder = new TextDecoder();
    let rest = "";
    super({
      transform(bytes, controller) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => controller.enqueue(line));
      },
    });
  }
}
