import { render } from "preact";
import { App } from "./app.js";
import { PageServices } from "./page-services.js";

render(<App services={new PageServices(location.href)} />, document.body);
