import { MessageKind, type StillMessage } from "../../core/index.js";
import type { MessageChannels } from "../../transport/index.js";
import type { RtpViewer } from "../streams/rtp-viewer.js";

/** With more waiting in the channel of the pixels, no more are given to it: what waits there cannot be taken back. */
const MOST_WAITING_BYTES = 128 * 1_024;

/** Carries a viewer's still tiles over the data channels of its connection. */
export class StillChannels {
  private readonly channels: MessageChannels;
  private readonly viewer: RtpViewer;

  /**
   * @param channels - of the connection; without them nothing is sent
   * @param viewer - whose sender gives the messages out
   * @param onOpen - called when both channels are open, before anything is sent
   */
  constructor(channels: MessageChannels, viewer: RtpViewer, onOpen: () => void) {
    this.channels = channels;
    this.viewer = viewer;
    const { masks, tiles } = channels;
    const begin = () => {
      if (!masks?.isOpen || !tiles?.isOpen) return;
      onOpen();
      viewer.takeStills(true);
    };
    masks?.onOpen(begin);
    tiles?.onOpen(begin);
    tiles?.onDrain(() => viewer.takeStills(true));
    tiles?.onMessage((message) => {
      if (message[0] === MessageKind.refresh) viewer.refreshStills();
    });
  }

  /** Sends a message. */
  send({ channel, data }: StillMessage): void {
    const target = this.channels[channel];
    target?.send(data);
    if (channel === "tiles" && (target?.bufferedBytes ?? 0) > MOST_WAITING_BYTES) this.viewer.takeStills(false);
  }
}
