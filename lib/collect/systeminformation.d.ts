declare module "systeminformation/lib/*.js";
