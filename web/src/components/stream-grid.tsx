import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { gridColumns } from "../picture/grid.js";

interface StreamGridProps {
  /** Tiles that are laid out; one has the whole area. */
  readonly count: number;
  readonly children: ComponentChildren;
}

/** Lays the streams out so that their pictures are as large as can be. */
export function StreamGrid({ count, children }: StreamGridProps) {
  const area = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const lay = () => setColumns(gridColumns(count, { width: element.clientWidth, height: element.clientHeight }));
    lay();
    const observer = new ResizeObserver(lay);
    observer.observe(element);
    return () => observer.disconnect();
  }, [count]);
  return (
    <div class="grid" ref={area} data-count={count === 1 ? "one" : "many"} style={{ "--columns": columns }}>
      {children}
    </div>
  );
}
