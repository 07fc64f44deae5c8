/** The script of every desk page waits for the first paint: on a slow phone people read while it comes. */
import "./look.css";

/** Without a network there is no script, and the page is one all the same. */
const begin = (): void => void import("./page").catch(() => undefined);
if (document.hidden) begin(); // nothing is painted there
else requestAnimationFrame(() => setTimeout(begin));
