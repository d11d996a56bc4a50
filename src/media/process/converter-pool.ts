import { type ConvertedPicture, Converter } from "../converter.js";
import type { PictureLayout } from "../native/picture-frame.js";
import type { CapturedPicture } from "../sources/source.js";

/** Converters by layout, so that encodings of one size and format share a conversion. */
export class ConverterPool {
  private readonly converters = new Map<string, Converter>();

  /** The converter to a layout. */
  get(layout: PictureLayout): Converter {
    const key = JSON.stringify(layout);
    let converter = this.converters.get(key);
    if (converter === undefined) {
      converter = new Converter(layout);
      this.converters.set(key, converter);
    }
    return converter;
  }

  /** Converts a picture with every converter. */
  convert({ picture, changed }: CapturedPicture): ReadonlyMap<Converter, ConvertedPicture> {
    return new Map([...this.converters.values()].map((converter) => [converter, converter.convert(picture, changed)]));
  }

  /** Frees all. */
  close(): void {
    for (const converter of this.converters.values()) converter.close();
    this.converters.clear();
  }
}
