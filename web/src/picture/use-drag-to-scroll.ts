import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Lets a mouse drag what a finger can: the content of a scrolling element. */
export function useDragToScroll(element: RefObject<HTMLElement | null>, enabled: boolean): void {
  useEffect(() => {
    const scroller = element.current;
    if (!scroller || !enabled) return;
    const drag = (event: PointerEvent) => scroller.scrollBy(-event.movementX, -event.movementY);
    const stop = () => scroller.removeEventListener("pointermove", drag);
    const start = (event: PointerEvent) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      scroller.setPointerCapture(event.pointerId);
      scroller.addEventListener("pointermove", drag);
    };
    scroller.addEventListener("pointerdown", start);
    scroller.addEventListener("pointerup", stop);
    scroller.addEventListener("pointercancel", stop);
    return () => {
      stop();
      scroller.removeEventListener("pointerdown", start);
      scroller.removeEventListener("pointerup", stop);
      scroller.removeEventListener("pointercancel", stop);
    };
  }, [element, enabled]);
}
