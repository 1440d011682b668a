/** Reads an event stream's text as it comes, up to where it has all of the given pieces; then gives the stream up. */
export async function readUntil(response: Response, ...pieces: string[]): Promise<string> {
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (pieces.every((piece) => text.includes(piece))) return text;
  }
  throw new Error(`The stream ended after: ${text}`);
}
