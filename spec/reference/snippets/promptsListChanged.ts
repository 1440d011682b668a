// mcp-use, Notifications page, "Prompts List Changed". Unmodified. The session is that of "Receiving Notifications".
declare const session: import("rx-mcp").MCPSession;

session.on("notification", async (notification) => {
  if (notification.method === "notifications/prompts/list_changed") {
    console.log("Prompts updated");
    const prompts = await session.listPrompts();
    // Update your UI or cache
  }
});
