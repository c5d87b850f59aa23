// The page shown until the first simulation is opened.

import { pageData } from "./dom.js";
import { waitForOne } from "./live.js";

waitForOne(pageData().status);
