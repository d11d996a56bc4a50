import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Options of {@link startProgram}. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where it runs; here if left out. */
  readonly directory?: string;
  /** Lives longer than the test that starts it; who starts it ends it. */
  readonly outlivesTest?: boolean;
}

/** A program that a test runs beside itself. It is killed when the test has finished. */
export class Program {
  readonly ended: Promise<ProgramEnd>;
  private readonly child: ChildProcess;
  private readonly command: string;
  private readonly output: Buffer[] = [];
  private readonly errors: Buffer[] = [];

  constructor(command: string, args: readonly string[], { env = {}, directory }: ProgramOptions = {}) {
    this.command = [command, ...args].join(" ");
    this.child = spawn(command, args, {
      env: { ...process.env, ...env },
      ...(directory !== undefined && { cwd: directory }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (data: Buffer) => this.output.push(data));
    this.child.stderr?.on("data", (data: Buffer) => this.errors.push(data));
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => resolve({ code, signal }));
    });
    this.ended.catch(() => {}); // whoever awaits it is told
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** What it has written to standard output. */
  get stdout(): Buffer {
    return Buffer.concat(this.output);
  }

  /** What it has written to standard error. */
  get stderr(): string {
    return Buffer.concat(this.errors).toString();
  }

  /** Calls `listener` with every piece of standard output. */
  onOutput(listener: (data: Buffer) => void): void {
    this.child.stdout?.on("data", listener);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Kills it and waits until it is gone. */
  async stop(): Promise<void> {
    this.kill("SIGKILL");
    await this.ended.catch(() => {});
  }

  /**
   * Waits for a good end.
   *
   * @throws Error with what it wrote to standard error if its exit code is not 0
   */
  async success(): Promise<void> {
    const { code, signal } = await this.ended;
    if (code !== 0) throw new Error(`${this.command}\nended with ${code ?? signal}:\n${this.stderr}`);
  }
}

/** Starts a program; it is killed when the test ends. */
export function startProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const program = new Program(command, args, options);
  if (!options.outlivesTest) onTestFinished(() => program.stop());
  return program;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output
 * @throws Error with what it wrote to standard error if its exit code is not 0
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Buffer> {
  const program = new Program(command, args, options);
  await program.success();
  return program.stdout;
}
