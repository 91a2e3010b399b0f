// Ends Azurite when whoever started it is gone, even by SIGKILL: the pipe to its stdin closes then.
process.stdin.on("end", () => process.exit()).resume();
