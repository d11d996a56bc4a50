import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageServices } from "../page-services.js";
import type { WhepSession } from "../whep.js";
import { ViewerConnection, type ViewerState } from "./viewer-connection.js";

/** One stream as the page receives it. */
export interface Viewer {
  readonly state: ViewerState;
  /** The session whose picture is to be shown; undefined before the first one is up. */
  readonly session: WhepSession | undefined;
  /** Connects anew now. */
  renew(): void;
}

/** Keeps a stream connected as long as the component that calls this is there. */
export function useViewer(streamId: string, services: PageServices): Viewer {
  const [state, setState] = useState<ViewerState>("connecting");
  const [session, setSession] = useState<WhepSession>();
  const connection = useRef<ViewerConnection | undefined>(undefined);
  // Not useEffect, which waits for the page to be painted: the picture is what it waits for.
  useLayoutEffect(() => {
    const viewer = new ViewerConnection({
      streamId,
      access: services.access,
      takeOffer: () => services.takeOffer(),
      listener: { stateChanged: setState, sessionChanged: setSession },
    });
    connection.current = viewer;
    const { directory } = services;
    const stopRenewing = directory.onReturn(() => viewer.renew());
    const stopSuspecting = directory.onChange(() => {
      if (directory.current.kind === "known" && !directory.current.reachable) viewer.suspect();
    });
    return () => {
      stopRenewing();
      stopSuspecting();
      viewer.close();
    };
  }, [streamId, services]);
  return { state, session, renew: () => connection.current?.renew() };
}
