import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type PictureMode, type Placement, placePicture, type Size } from "./placement.js";

/** Where a picture lies in its area; follows the area's size, the picture's and the screen's. */
export function usePlacement(area: RefObject<HTMLElement | null>, picture: Size, mode: PictureMode): Placement {
  const [placement, setPlacement] = useState<Placement>(() => placePicture(picture, picture, 1, mode));
  const { width, height } = picture;
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const place = () => {
      const bounds = element.getBoundingClientRect();
      setPlacement(placePicture({ width, height }, bounds, window.devicePixelRatio, mode));
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener("resize", place); // the page was zoomed, or went to another screen
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", place);
    };
  }, [area, width, height, mode]);
  return placement;
}
