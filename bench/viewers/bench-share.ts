import { type Share, type ShareOptions, share } from "sightline";

/** A share with a link on this machine that anybody may open. */
export interface BenchShare {
  readonly sharing: Share;
  /** Where viewers of its one stream post their offers. */
  readonly endpoint: string;
}

/**
 * Shares the source that the command line names, else the moving test pattern in 1080p.
 *
 * @param ofPattern - further options for the test pattern
 */
export async function openBenchShare(ofPattern: ShareOptions = {}): Promise<BenchShare> {
  const [source = "test"] = process.argv.slice(2);
  const options = source === "test" ? { size: { width: 1_920, height: 1_080 }, ...ofPattern } : {};
  const sharing = await share({ source, ...options, link: { access: "open", announce: false } });
  return { sharing, endpoint: `http://localhost:${sharing.link!.port}/whep/${sharing.streams[0]!.id}` };
}
