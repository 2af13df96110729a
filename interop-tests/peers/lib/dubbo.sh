# Shared by the builds of peers that are Apache Dubbo for Java: sourced behind build.sh.
# dubbo_launcher [JVM OPTION]…: writes $out/peer, which starts the packaged jar in an environment with $environment.
environment=

# Dubbo's consumer dials 127.0.0.1 by name only, so a file of hosts maps one; its shutdown waits for what it need not here;
# what it keeps in the user's home stays in the build folder.
dubbo_launcher() {
  cat > "$out/peer" <<LAUNCHER
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
hosts=\$here/hosts-\$(hostname)
[ -f "\$hosts" ] || { echo "127.0.0.1 gateway.test localhost \$(hostname)" > "\$hosts.\$\$" && mv "\$hosts.\$\$" "\$hosts"; }
exec $environment java -XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1 -Xshare:auto $* -Duser.home="\$here/home" -Djdk.net.hosts.file="\$hosts" \\
  -Ddubbo.service.shutdown.wait=200 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -Dkoine.cases="\$here/cases" \\
  -cp "\$here/src/target/peer.jar:\$here/src/target/lib/*" koine.interop.peer.Main "\$@"
LAUNCHER
  chmod +x "$out/peer"
}
