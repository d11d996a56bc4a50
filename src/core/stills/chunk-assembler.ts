import { type Chunk, MAX_OBJECT_BYTES } from "./chunk.js";

/** Objects of which a part is there. Senders send one after the other; loss keeps some of them open. */
const MAX_OPEN_OBJECTS = 32;
/** Bytes kept for them. */
const MAX_OPEN_BYTES = 2 * MAX_OBJECT_BYTES;
/** Chunks of objects that are whole already may come twice. */
const REMEMBERED_OBJECTS = 256;

interface OpenObject {
  readonly data: Uint8Array;
  readonly offsets: Set<number>;
  missingBytes: number;
}

/** Puts objects together from their chunks, which may come in any order and more than once. */
export class ChunkAssembler {
  /** By number, the one begun first first. */
  private readonly open = new Map<number, OpenObject>();
  private readonly done = new Set<number>();
  private openBytes = 0;
  private abandonedCount = 0;

  /** Objects that were given up, incomplete, because there was no room for them. */
  get abandoned(): number {
    return this.abandonedCount;
  }

  /** Takes a chunk; the whole object if it was the last that was missing. */
  add({ object, totalBytes, offset, data }: Chunk): Uint8Array | undefined {
    if (this.done.has(object)) return undefined;
    let begun = this.open.get(object);
    if (begun === undefined) {
      this.makeRoom(totalBytes);
      begun = { data: new Uint8Array(totalBytes), offsets: new Set(), missingBytes: totalBytes };
      this.open.set(object, begun);
      this.openBytes += totalBytes;
    }
    if (begun.data.length !== totalBytes || begun.offsets.has(offset)) return undefined;
    begun.offsets.add(offset);
    begun.data.set(data, offset);
    begun.missingBytes -= data.length;
    if (begun.missingBytes > 0) return undefined;
    this.close(object, begun);
    this.done.add(object);
    if (this.done.size > REMEMBERED_OBJECTS) this.done.delete(this.done.values().next().value!);
    return begun.data;
  }

  /** Forgets everything: the sender counts anew. */
  reset(): void {
    this.open.clear();
    this.done.clear();
    this.openBytes = 0;
  }

  private makeRoom(bytes: number): void {
    for (const [object, oldest] of this.open) {
      if (this.open.size < MAX_OPEN_OBJECTS && this.openBytes + bytes <= MAX_OPEN_BYTES) return;
      this.close(object, oldest);
      this.abandonedCount += 1;
    }
  }

  private close(object: number, { data }: OpenObject): void {
    this.open.delete(object);
    this.openBytes -= data.length;
  }
}
