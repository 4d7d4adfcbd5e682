/** Entry of the handset page: a phone for whoever plays the customer. */
import { render } from "preact";
import { App } from "./app.tsx";
import "./page.css";
import "./phone.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
