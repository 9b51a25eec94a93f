import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { searchGuides } from "#lib/help/search-guides.ts";

export const GET = serve(contract.system.searchHelp, ({ query }) => searchGuides(query.search));
