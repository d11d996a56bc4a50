import { Converter } from "../converter.js";
import type { PictureLayout } from "../native/picture-frame.js";

/** A converter and how many encodings use it. */
interface Share {
  readonly converter: Converter;
  users: number;
}

/** Converters by layout, so that encodings of one size and format share a conversion. One that nobody uses does not exist. */
export class ConverterPool {
  private readonly shares = new Map<string, Share>();

  /** The converter to a layout; to be given back by {@link release}. */
  acquire(layout: PictureLayout): Converter {
    const key = JSON.stringify(layout);
    let share = this.shares.get(key);
    if (share === undefined) {
      share = { converter: new Converter(layout), users: 0 };
      this.shares.set(key, share);
    }
    share.users++;
    return share.converter;
  }

  /** Gives a converter back; the last user's frees it. */
  release(converter: Converter): void {
    for (const [key, share] of this.shares) {
      if (share.converter !== converter) continue;
      share.users--;
      if (share.users > 0) return;
      converter.close();
      this.shares.delete(key);
      return;
    }
  }
}
