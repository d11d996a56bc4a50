/** The page's symbols, as SVG paths on a grid of 24 × 24. */
const PATHS = {
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  previous: "M14.500 6l-6 6 6 6",
  next: "M9.500 6l6 6-6 6",
  fit: "M3.500 6.500h17v11h-17zM8.500 10l-2 2 2 2M15.500 10l2 2-2 2M6.500 12h11",
  pixels: "M3.500 6.500h17v11h-17zM8 10v4.500M16 10v4.500M12 10.500v.01M12 14v.01",
  snapshot: "M4 8h3.500L9 6h6l1.500 2H20v10.500H4zM12 16.200a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  pictureInPicture: "M20.500 11V5.500h-17v13H11M13.500 14h7v5h-7z",
  fullScreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  leaveFullScreen: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
  figures: "M4 19.500V14M9.300 19.500V8M14.700 19.500v-8M20 19.500V4.500",
  help: "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM9.700 9.700a2.350 2.350 0 1 1 3.300 2.300c-.7.300-1 .8-1 1.600v.4M12 16.600v.01",
  close: "M6 6l12 12M18 6L6 18",
} as const;

/** Name of a symbol. */
export type IconName = keyof typeof PATHS;

/** A symbol in the colour of the text around it; says nothing to a screen reader. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
