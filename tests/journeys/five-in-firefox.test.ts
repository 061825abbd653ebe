import { fiveJourneysIn } from "./five/run.ts";

fiveJourneysIn("Firefox");
