import { setFlagsFromString } from "node:v8";

/**
 * V8 lets a heap grow before it collects it: the young generation to twice 16 MB, and garbage that was old enough to leave it
 * by 8 MB and more. A sender's packets live for two seconds, which is long enough. With 10 % loss `share` and `watch` went from
 * 104 to 138 MB in ten minutes that way, though no more objects were alive. With these flags, over as many packets as six
 * minutes have: 101 to 110 MB. They cost a tenth of these processes' CPU time: 47 → 51 ms a second of `share`, 32 → 35 of `watch`.
 * In ten minutes at 30 frames a second the viewer's window process went from 171 to 186 MB without them, and stays at 172 with them,
 * for 9 % more of its CPU time while a page scrolls (0.127 → 0.138 cores) and no more that could be measured over text.
 */
const SMALL_HEAP = ["--semi-space-growth-factor=1", "--optimize-for-size"];

/**
 * How many bytes of a function's code run before V8 optimizes it; by default 132 kB. What runs 30 times a second repays that only
 * after minutes, and until then compiling took a fifth of the time of `watch`. What a fast stream needs is past
 * this within a second.
 */
const OPTIMIZE_AFTER = "--interrupt-budget=1000000";

/**
 * Sets up V8 for a process that handles a few dozen frames a second for hours: it compiles less in the first minutes, and its
 * memory stays where it is after the first. To be called before all else. They are no flags of the command line, because Node
 * refuses to start with one that its V8 does not know.
 */
export function tuneEngine(): void {
  for (const flag of [...SMALL_HEAP, OPTIMIZE_AFTER]) setFlagsFromString(flag);
}
