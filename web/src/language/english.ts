/** Everything the page says, in English: the pattern for the other languages. */
export const english = {
  languageName: "English",
  // States
  looking: "Looking for the stream…",
  connecting: "Connecting…",
  connected: "Live",
  reconnecting: "The connection broke. Connecting again…",
  unreachable: "The sender does not answer. Trying again…",
  unreachableHint: "The picture comes back by itself once the sender runs again.",
  absent: "This stream has ended.",
  absentHint: "The picture comes back by itself if it is shared again.",
  empty: "Nothing is being shared.",
  emptyHint: "A stream appears here as soon as one starts.",
  refused: "This link is not valid any more.",
  refusedHint: "Ask the person who shares for a new one. With a PIN, reload the page to enter it.",
  unsupported: "This browser cannot show the stream.",
  unsupportedHint: "Open the link in a current Chrome, Edge, Firefox or Safari.",
  reload: "Reload",
  tryNow: "Try now",
  blocked: "The browser waits for a tap before it plays.",
  play: "Show the picture",
  // Controls
  controls: "Controls",
  allStreams: "All streams",
  stream: (name: string) => `Stream ${name}`,
  enlarge: (name: string) => `Enlarge ${name}`,
  previousStream: "Previous stream",
  nextStream: "Next stream",
  fit: "Fit to window",
  pixels: "Actual pixels",
  snapshot: "Save a snapshot",
  snapshotSaved: "Snapshot saved",
  pictureInPicture: "Picture in picture",
  fullScreen: "Full screen",
  leaveFullScreen: "Leave full screen",
  figures: "Figures",
  help: "Help and settings",
  // Figures
  latency: "Glass to glass",
  latencyTrend: "Latency over the last minute",
  unknown: "not known yet",
  frameRate: "Frames",
  bitrate: "Rate",
  loss: "Loss",
  repaired: "Repaired",
  size: "Picture",
  // Help
  shortcuts: "Keyboard",
  settings: "Settings",
  language: "Language",
  close: "Close",
  aboutLatency:
    "Glass to glass is the time from a picture's capture at the sender until this browser hands it to the screen. Between machines it is known to within half the network's round trip.",
};

/** Everything the page says, in one language. */
export type Words = typeof english;
