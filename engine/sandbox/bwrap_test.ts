import { sandboxContract } from "./_contract.ts";

sandboxContract({ choice: "bwrap" });
