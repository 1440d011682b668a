// mcp-use, Notifications page, "Receiving Notifications (Server → Client)". Unmodified, except for the import.

import { MCPClient } from "rx-mcp";

const client = new MCPClient({
  mcpServers: {
    myServer: { url: "http://localhost:3000/mcp" }
  }
});

const session = await client.createSession("myServer");

// Register notification handler
session.on("notification", async (notification) => {
  console.log(`Received: ${notification.method}`, notification.params);
});
