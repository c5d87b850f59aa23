// The page shown as long as no simulation has ever been opened.

import { pageData } from "./dom.js";
import { waitForOne } from "./live.js";

waitForOne(pageData().status);
