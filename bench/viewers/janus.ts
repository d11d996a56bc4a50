import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian puts its modules. */
const MODULES = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/janus`;
const HTTP_PORT = 28_088;
/** The kernel counts a process's time in these. */
const TICKS_PER_SECOND = 100;
const START_TIMEOUT_MS = 10_000;

/** Whether the `janus` package of Debian is installed. */
export function isJanusInstalled(): boolean {
  return spawnSync("janus", ["--version"]).error === undefined;
}

/** A Janus that carries one RTP stream by its Streaming plugin. */
export class Janus {
  /** Where the stream is to be sent to. */
  readonly rtpPort = HTTP_PORT + 1;
  private readonly folder = mkdtempSync(join(tmpdir(), "janus-"));
  private readonly process: ChildProcess;
  private transaction = 0;

  constructor() {
    const { folder } = this;
    const disable = (kind: string, keep: string) =>
      readdirSync(join(MODULES, kind))
        .filter((file) => file.endsWith(".so") && file !== keep)
        .join(",");
    writeFileSync(
      join(folder, "janus.jcfg"),
      `general: { plugins_folder = "${MODULES}/plugins" transports_folder = "${MODULES}/transports"
        debug_level = 2 session_timeout = 0 }
      nat: { full_trickle = false }
      plugins: { disable = "${disable("plugins", "libjanus_streaming.so")}" }
      transports: { disable = "${disable("transports", "libjanus_http.so")}" }`,
    );
    writeFileSync(
      join(folder, "janus.transport.http.jcfg"),
      `general: { http = true port = ${HTTP_PORT} https = false }`,
    );
    writeFileSync(
      join(folder, "janus.plugin.streaming.jcfg"),
      `bench: { type = "rtp" id = 1 audio = false video = true videoport = ${this.rtpPort} videopt = 96 videocodec = "h264"
        videofmtp = "profile-level-id=42e01f;packetization-mode=1" }`,
    );
    this.process = spawn("janus", ["-C", join(folder, "janus.jcfg"), "-F", folder], { stdio: "ignore" });
  }

  /** Waits until it answers. */
  async started(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await fetch(`http://127.0.0.1:${HTTP_PORT}/janus/info`);
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Lets one viewer in: it gets the offer and gives its answer. */
  async watch(answer: (offerSdp: string) => Promise<string>): Promise<void> {
    const session = await this.post("", { janus: "create" });
    const handle = await this.post(`/${session}`, { janus: "attach", plugin: "janus.plugin.streaming" });
    await this.post(`/${session}/${handle}`, { janus: "message", body: { request: "watch", id: 1 } });
    const offer = await this.offer(session);
    const jsep = { type: "answer", sdp: await answer(offer) };
    await this.post(`/${session}/${handle}`, { janus: "message", body: { request: "start" }, jsep });
  }

  /** The processor time that it has used, in seconds. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Ends it. */
  close(): void {
    this.process.kill("SIGKILL"); // it takes seconds to leave by itself
    rmSync(this.folder, { recursive: true });
  }

  private async post(path: string, body: object): Promise<number> {
    this.transaction += 1;
    const response = await fetch(`http://127.0.0.1:${HTTP_PORT}/janus${path}`, {
      method: "POST",
      body: JSON.stringify({ ...body, transaction: String(this.transaction) }),
    });
    const { data } = (await response.json()) as { data?: { id: number } };
    return data?.id ?? 0;
  }

  private async offer(session: number): Promise<string> {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${HTTP_PORT}/janus/${session}?maxev=1`);
      const { jsep } = (await response.json()) as { jsep?: { sdp: string } };
      if (jsep !== undefined) return jsep.sdp;
    }
  }
}
