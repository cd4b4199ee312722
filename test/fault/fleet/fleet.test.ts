import { isNightly } from "../../depth.ts";
import { fleetConformance, ofThree, ofTwo } from "./fleet.ts";

fleetConformance("three processes", ofThree);
if (isNightly) fleetConformance("two processes", ofTwo);
