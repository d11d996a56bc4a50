import { StreamDirectory } from "./connection/stream-directory.js";
import { LinkAccess } from "./link-access.js";
import { openStillCanvas } from "./picture/still-canvas.js";
import type { OpenStillLayer } from "./picture/still-layer.js";
import { discardOffer, prepareOffer, type ViewerOffer } from "./whep.js";

/** An offer that lay longer is thrown away: its addresses may be gone. */
const OFFER_LIFETIME_MS = 10_000;

/** What the page's components work with. */
export class PageServices {
  readonly access: LinkAccess;
  readonly directory: StreamDirectory;
  /** Makes the layer over a session's video. */
  readonly openStillLayer: OpenStillLayer = openStillCanvas;
  private prepared: Promise<ViewerOffer> | undefined;
  private readonly preparedAt = performance.now();

  /**
   * Begins to ask for the streams, and meanwhile prepares the offer for the first of them.
   *
   * @param pageUrl - the address that the page was opened by
   */
  constructor(pageUrl: string) {
    this.access = new LinkAccess(pageUrl);
    this.directory = new StreamDirectory(this.access);
    this.directory.retryNow();
    this.prepared = prepareOffer();
    this.prepared.catch(() => {}); // whoever takes it is told
  }

  /**
   * The prepared offer if it is still there, else a new one.
   *
   * @throws SightlineError `unsupported` if the browser has no WebRTC
   */
  async takeOffer(): Promise<ViewerOffer> {
    const { prepared } = this;
    this.prepared = undefined;
    if (prepared && performance.now() - this.preparedAt < OFFER_LIFETIME_MS) return prepared;
    prepared?.then(discardOffer).catch(() => {});
    return prepareOffer();
  }
}
