// mcp-use, Notifications page, "Tools List Changed". Unmodified. The session is that of "Receiving Notifications".
declare const session: import("rx-mcp").MCPSession;

session.on("notification", async (notification) => {
  if (notification.method === "notifications/tools/list_changed") {
    console.log("Tools list updated - refreshing...");
    // Refresh tools cache
    const tools = await session.listTools();
    console.log(`Now have ${tools.length} tools`);
  }
});
