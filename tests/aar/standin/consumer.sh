#!/bin/bash
# Takes the published folder as users do: Maven resolves it and checks every checksum, Gradle compiles a class against it.
#
# in:  /in/repository/maven, /in/sdk, /in/files   this folder
# out: /out/maven     what Maven resolved
#      /out/classes   what Gradle compiled
set -euo pipefail

# Debian's repository has Maven's plug-ins; nothing of PyTorch.
cp -RL /usr/share/maven-repo m2
chmod -R u+w m2
mkdir maven
cp /in/files/consumer/pom.xml /in/files/consumer/settings.xml maven
(cd maven && /usr/share/maven/bin/mvn --batch-mode --strict-checksums --settings settings.xml -Dmaven.repo.local="$PWD/../m2" \
  org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies -DoutputDirectory="$PWD/../resolved")
(cd resolved && find . -type f | LC_ALL=C sort) > /out/maven

cp -R /in/files/consumer gradle
chmod -R u+w gradle
/usr/share/gradle/bin/gradle --offline --no-daemon --gradle-user-home "$PWD/gradle-home" -p gradle compileJava
(cd gradle/build/classes/java/main && find . -type f | LC_ALL=C sort) > /out/classes
