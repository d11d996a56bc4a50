import { listMonitors, rootArea, XConnection } from "../x11/index.js";

/** A screen of this machine that can be captured. */
export interface Screen {
  /** What `parseSourceSpec` takes. */
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The screens of the X display that DISPLAY names: the whole desktop first, then each monitor if there are several.
 *
 * @throws SightlineError `unsupported` without libX11, `not-found` without a display
 */
export function listX11Screens(): Screen[] {
  const connection = new XConnection();
  try {
    const monitors = listMonitors(connection).map(({ width, height }, index) => ({
      source: `screen:${index}`,
      width,
      height,
    }));
    const { width, height } = rootArea(connection);
    const desktop = { source: "screen", width, height };
    return monitors.length > 1 ? [desktop, ...monitors] : [desktop];
  } finally {
    connection.close();
  }
}
