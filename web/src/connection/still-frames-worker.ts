/** Runs beside the page: takes messages out of the frames of the stream of still tiles. No frame goes on to a decoder. */

/** What Chromium's and the standard's event has, which the DOM's types leave to those of workers. */
interface TransformEvent extends Event {
  readonly transformer: { readonly readable: ReadableStream<{ readonly data: ArrayBuffer }> };
}

/** A start code and a NAL unit's header. */
const HEADER_BYTES = 5;

addEventListener("rtctransform", async (event) => {
  const reader = (event as TransformEvent).transformer.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const message = value.data.slice(HEADER_BYTES);
    postMessage(message, { transfer: [message] });
  }
});

export {};
