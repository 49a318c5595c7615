#!/bin/bash
# Adds the stand-in for the Android plug-in to a repository, under the real one's coordinates.
#
# in:  /in/real     the output of torch-android/gradle-dependencies, of those modules that are small
#      /in/files    this folder
# out: /out/repository, /out/verification-metadata.xml
set -euo pipefail

cp -R /in/real/. /out
chmod -R u+w /out
plugin=/out/repository/com/android/tools/build/gradle/4.1.2
mkdir -p "$plugin" classes/META-INF/gradle-plugins
classpath=$(find /usr/share/gradle/lib /usr/share/java -name '*.jar' | LC_ALL=C sort | tr '\n' ':')
javac -nowarn --release 11 -classpath "$classpath" -d classes /in/files/plugin/*.java
echo implementation-class=standin.LibraryPlugin > classes/META-INF/gradle-plugins/com.android.library.properties
(cd classes && find . -type f | LC_ALL=C sort | python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as jar:
    for name in sys.stdin.read().split():
        jar.writestr(zipfile.ZipInfo(name[2:]), open(name, "rb").read())
' "$plugin/gradle-4.1.2.jar")
cat > "$plugin/gradle-4.1.2.pom" << 'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.android.tools.build</groupId>
  <artifactId>gradle</artifactId>
  <version>4.1.2</version>
</project>
END
for file in "$plugin"/*; do
  sed -i "s|^   </components>|      <component group=\"com.android.tools.build\" name=\"gradle\" version=\"4.1.2\">\n         <artifact name=\"$(basename "$file")\">\n            <sha256 value=\"$(sha256sum "$file" | cut -d' ' -f1)\" origin=\"standin\"/>\n         </artifact>\n      </component>\n&|" \
    /out/verification-metadata.xml
done
