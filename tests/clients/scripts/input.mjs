// What the test asks for comes as JSON on standard input, so that no password is in a command line.
import { readFileSync } from "node:fs";

export const asked = JSON.parse(readFileSync(0, "utf8"));

/** Print what a piece of work gives, or the name and message of the error that it ends with. */
export async function tell(work) {
  try {
    console.log(JSON.stringify({ result: await work() }));
  } catch (error) {
    console.log(JSON.stringify({ refused: { name: error.name, message: error.message } }));
  }
}
