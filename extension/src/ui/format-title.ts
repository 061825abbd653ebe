import type { CopyFormat } from "../messaging/view.ts";
import { t } from "../words.ts";
import { FORMAT_NAMES } from "./format-names.ts";

/** What one gets in a format, as menus say it. The portal's buttons say the same with their own few words. */
export const formatTitle = (format: CopyFormat): string =>
  FORMAT_NAMES[format].long ?? t(format === "dotenv" ? "portal.dotenv" : "portal.credentials");
