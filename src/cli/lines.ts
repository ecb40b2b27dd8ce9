/** The lines of a stream of bytes in UTF-8, without their ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Parts of a line of many megabytes are put together once.
  let parts: string[] = [];
  for await (const bytes of stream) {
    const [first, ...lines] = decoder.decode(bytes, { stream: true }).split("\n");
    parts.push(first);
    for (const line of lines) {
      const whole = parts.join("");
      parts = [line];
      yield whole.replace(/\r$/, "");
    }
  }
  const rest = parts.join("") + decoder.decode();
  if (rest !== "") yield rest;
}
