#!/usr/bin/env node
/** A browser for one link: opens it, and goes wherever it leads. */
const response = await fetch(process.argv[2] ?? "");
await response.text();
