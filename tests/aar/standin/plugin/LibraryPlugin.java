package standin;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.gradle.api.GradleException;
import org.gradle.api.Plugin;
import org.gradle.api.Project;
import org.gradle.api.Task;
import org.gradle.api.plugins.JavaPluginConvention;
import org.gradle.api.tasks.SourceSet;
import org.gradle.api.tasks.bundling.Zip;

/**
 * Stands in for the Android plug-in "com.android.library": makes an AAR of Java sources and of what CMake links, with
 * the options, folders and names of version 4.1.2, as far as upstream's build scripts see them.
 */
public final class LibraryPlugin implements Plugin<Project> {
  private final Dsl android = new Dsl();

  @Override
  public void apply(Project project) {
    project.getPluginManager().apply("java");
    project.getConfigurations().create("androidTestImplementation");
    project.getConfigurations().create("lintClassPath");
    project.getDependencies().add("lintClassPath", "com.android.tools.lint:lint-gradle:27.1.2");
    project.getExtensions().add("android", android);
    project.afterEvaluate(this::addTasks);
  }

  private void addTasks(Project project) {
    Properties local = properties(new File(project.getRootDir(), "local.properties"));
    File ndk = new File(local.getProperty("ndk.dir"));
    checkNdk(ndk);
    SourceSet main =
        project.getConvention().getPlugin(JavaPluginConvention.class).getSourceSets().getByName("main");
    for (Object pattern : android.all("sourceSets.main.java.exclude")) {
      main.getJava().exclude(pattern.toString());
    }
    Object level = one("compileSdkVersion");
    File platform = new File(local.getProperty("sdk.dir"), "platforms/android-" + level + "/android.jar");
    if (!platform.isFile()) {
      throw new GradleException("Failed to find target with hash string 'android-" + level + "' in: " + platform);
    }
    main.setCompileClasspath(main.getCompileClasspath().plus(project.files(platform)));

    Task cmake = project.getTasks().create("externalNativeBuildRelease");
    cmake.doLast(task -> buildNative(project, ndk));
    Task manifest = project.getTasks().create("processReleaseManifest");
    manifest.doLast(task -> writeManifest(project));
    // The real one resolves lint here, whether it has anything to extract or not.
    Task annotations = project.getTasks().create("extractReleaseAnnotations");
    annotations.doLast(task -> project.getConfigurations().getByName("lintClassPath").getFiles());
    Zip bundle = project.getTasks().create("bundleReleaseAar", Zip.class);
    bundle.dependsOn("jar", cmake, manifest, annotations);
    bundle.setDestinationDir(new File(project.getBuildDir(), "outputs/aar"));
    bundle.setArchiveName(project.getName() + "-release.aar");
    bundle.from(new File(project.getBuildDir(), "AndroidManifest.xml"));
    bundle.from("src/main", spec -> spec.include("res/**"));
    bundle.from(new File(project.getBuildDir(), "libs"), spec -> {
      spec.include(project.getName() + ".jar");
      spec.rename(".*", "classes.jar");
    });
    bundle.from(new File(project.getBuildDir(), "native"), spec -> spec.into("jni"));
    project.getTasks().create("assembleRelease").dependsOn(bundle);
  }

  /** Adds the API levels, which build scripts name and upstream's manifest does not. */
  private void writeManifest(Project project) {
    Path source = project.file("src/main/AndroidManifest.xml").toPath();
    String levels =
        "<uses-sdk android:minSdkVersion=\"" + one("defaultConfig.minSdkVersion")
            + "\" android:targetSdkVersion=\"" + one("defaultConfig.targetSdkVersion") + "\"/>";
    try {
      String text = new String(Files.readAllBytes(source), StandardCharsets.UTF_8).trim();
      Matcher manifest = Pattern.compile("<manifest([^>]*?)/?>").matcher(text);
      if (!manifest.find()) {
        throw new GradleException(source + " has no <manifest>");
      }
      String attributes = manifest.group(1).replaceAll("\\s*xmlns:android=\"[^\"]*\"", "");
      String written =
          "<manifest xmlns:android=\"http://schemas.android.com/apk/res/android\"" + attributes + ">" + levels
              + "</manifest>\n";
      Files.createDirectories(project.getBuildDir().toPath());
      Files.write(
          project.getBuildDir().toPath().resolve("AndroidManifest.xml"), written.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the real one says of another NDK than the one asked for. */
  private void checkNdk(File ndk) {
    String wanted = one("ndkVersion").toString();
    String revision = properties(new File(ndk, "source.properties")).getProperty("Pkg.Revision");
    if (!wanted.equals(revision)) {
      throw new GradleException(
          "No version of NDK matched the requested version " + wanted + ". Versions available locally: " + revision);
    }
  }

  private void buildNative(Project project, File ndk) {
    List<Object> given = android.all("defaultConfig.externalNativeBuild.cmake.arguments");
    for (Object abi : android.all("defaultConfig.ndk.abiFilters")) {
      File build = new File(project.getBuildDir(), "cxx/" + abi);
      File out = new File(project.getBuildDir(), "native/" + abi);
      List<Object> configure = new ArrayList<>(List.of("cmake", "-H" + project.getProjectDir(), "-B" + build));
      configure.add("-GNinja");
      configure.add("-DCMAKE_BUILD_TYPE=Release");
      configure.add("-DCMAKE_TOOLCHAIN_FILE=" + ndk + "/build/cmake/android.toolchain.cmake");
      configure.add("-DANDROID_NDK=" + ndk);
      configure.add("-DANDROID_ABI=" + abi);
      configure.add("-DANDROID_PLATFORM=android-" + one("defaultConfig.minSdkVersion"));
      configure.add("-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=" + out);
      String flags = String.join(" ", strings(android.all("defaultConfig.externalNativeBuild.cmake.cppFlags")));
      configure.add("-DCMAKE_CXX_FLAGS=" + flags);
      configure.addAll(given);
      project.exec(spec -> spec.commandLine(configure));
      project.exec(spec -> spec.commandLine("ninja", "-C", build));
      if (android.all("packagingOptions.doNotStrip").isEmpty()) {
        for (File library : out.listFiles()) {
          project.exec(spec -> spec.commandLine("aarch64-linux-gnu-strip", "--strip-unneeded", library));
        }
      }
      if (given.stream().anyMatch(one -> one.toString().equals("-DANDROID_STL=c++_shared"))) {
        copy(ndk.toPath().resolve("sources/cxx-stl/llvm-libc++/libs/" + abi + "/libc++_shared.so"), out.toPath());
      }
    }
  }

  private Object one(String name) {
    List<Object> values = android.all(name);
    if (values.isEmpty()) {
      throw new GradleException(name + " is not specified");
    }
    return values.get(values.size() - 1);
  }

  private static List<String> strings(List<Object> values) {
    return values.stream().map(Object::toString).collect(Collectors.toList());
  }

  private static Properties properties(File file) {
    Properties properties = new Properties();
    try (FileInputStream in = new FileInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private static void copy(Path file, Path folder) {
    try {
      Files.copy(file, folder.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
