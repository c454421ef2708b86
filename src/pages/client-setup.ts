export interface ClientSetup {
  name: string;
  /** Sentences in order; the only Markdown in them is `code`. */
  steps: readonly string[];
  /** Where `code` belongs, if it is the content of a file. */
  file?: string;
  code: string;
  language: "json" | "shell" | "text";
}

/** How each MCP client is connected to the server at `origin`. */
export function clientSetups(origin: string): ClientSetup[] {
  const url = `${origin}/mcp`;
  return [
    ...claudeSetups(url),
    ...editorSetups(url),
    {
      name: "Gemini CLI",
      steps: [
        "Run this command; it adds the server to `~/.gemini/settings.json`.",
        "Start `gemini`, enter `/mcp auth github` and sign in with GitHub.",
      ],
      code: `gemini mcp add --scope user --transport http github ${url}`,
      language: "shell",
    },
    {
      name: "Workers AI Playground",
      steps: [
        "Open `https://playground.ai.cloudflare.com` and find the MCP servers.",
        "Paste this URL, connect and sign in with GitHub. The playground runs in the cloud and cannot reach a server on `localhost`.",
      ],
      code: url,
      language: "text",
    },
    {
      name: "MCP Inspector",
      steps: [
        "Run this command with Node 22 or newer; the Inspector opens in your browser.",
        "Switch the server on, sign in with GitHub and open its tools.",
      ],
      code: `npx @modelcontextprotocol/inspector --transport http --server-url ${url}`,
      language: "shell",
    },
    {
      name: "Any other client",
      steps: [
        `A client that asks for a URL gets \`${url}\`; it serves every version of Streamable HTTP.`,
        `A client that only knows the older HTTP with SSE gets \`${origin}/sse\`.`,
        "A client that can only start a local program gets this command.",
      ],
      code: `npx -y mcp-remote ${url}`,
      language: "shell",
    },
  ];
}

function claudeSetups(url: string): ClientSetup[] {
  return [
    {
      name: "Claude",
      steps: [
        "On claude.ai or in Claude Desktop, open Customize, then Connectors, press + and choose Add custom connector. In a Team or Enterprise plan an owner does this.",
        "Paste this URL, add it, press Connect and sign in with GitHub. Claude calls from the cloud and cannot reach a server on `localhost`.",
      ],
      code: url,
      language: "text",
    },
    {
      name: "Claude Code",
      steps: [
        "Run this command. With `--scope user` after `add` it holds for all your projects.",
        "Start `claude`, enter `/mcp`, choose `github` and sign in with GitHub.",
      ],
      code: `claude mcp add --transport http github ${url}`,
      language: "shell",
    },
    {
      name: "Claude Desktop with mcp-remote",
      steps: [
        "Open Settings, then Developer, and choose Edit Config. Node must be installed on this computer.",
        "Add this to the file and restart Claude Desktop; a browser opens to sign in with GitHub.",
      ],
      file: "claude_desktop_config.json",
      code: json({ mcpServers: { github: { command: "npx", args: ["-y", "mcp-remote", url] } } }),
      language: "json",
    },
  ];
}

function editorSetups(url: string): ClientSetup[] {
  return [
    {
      name: "Cursor",
      steps: [
        "Add this to the file, or to `.cursor/mcp.json` for one project only.",
        "Restart Cursor, press Connect beside the server in its MCP settings and sign in with GitHub.",
      ],
      file: "~/.cursor/mcp.json",
      code: json({ mcpServers: { github: { url } } }),
      language: "json",
    },
    {
      name: "VS Code",
      steps: [
        "Add this to the file. For all projects, run `MCP: Open User Configuration` and add it there.",
        "Press Start above the entry and sign in with GitHub.",
      ],
      file: ".vscode/mcp.json",
      code: json({ servers: { github: { type: "http", url } } }),
      language: "json",
    },
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
