/**
 * Loaded before wrangler (`node --import`) by `npm start`: hands it the operator's token from the environment, which only this user can read.
 * A command line is shown to everybody on the machine. It goes before the other variables, of which a later one of the same name wins.
 */
// Behind node, wrangler, and its command.
const OPTIONS_INDEX = 3;

process.argv.splice(OPTIONS_INDEX, 0, '--var', `ADMIN_TOKEN:${process.env.ADMIN_TOKEN}`);
