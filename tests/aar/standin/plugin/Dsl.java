package standin;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingMethodException;
import groovy.lang.MissingPropertyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The block {@code android}: remembers what build scripts say, under names such as "defaultConfig.ndk.abiFilters". */
public final class Dsl extends GroovyObjectSupport {
  /** What scripts read as well as write. */
  private static final Set<String> READABLE =
      Set.of("jniLibs", "java", "main", "manifest", "sourceSets", "libraryVariants");
  /** What belongs to the script, wherever in a block it stands. */
  private static final Set<String> FOREIGN = Set.of("println", "print");

  private final String path;
  private final Map<String, List<Object>> values;

  public Dsl() {
    this("", new TreeMap<>());
  }

  private Dsl(String path, Map<String, List<Object>> values) {
    this.path = path;
    this.values = values;
  }

  /** All values given under a name, in order. */
  public List<Object> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  @Override
  public Object invokeMethod(String name, Object arguments) {
    if (FOREIGN.contains(name)) {
      throw new MissingMethodException(name, Dsl.class, (Object[]) arguments);
    }
    Dsl child = child(name);
    for (Object argument : (Object[]) arguments) {
      if (argument instanceof Closure) {
        // "libraryVariants.all { … }" waits for variants; there are none.
        if (!name.equals("all")) {
          child.configure((Closure<?>) argument);
        }
      } else if (argument instanceof Object[]) {
        child.add(Arrays.asList((Object[]) argument));
      } else {
        child.add(List.of(argument));
      }
    }
    return null;
  }

  @Override
  public Object getProperty(String name) {
    if (name.equals("srcDirs")) {
      return List.of("src/main/java");
    }
    if (READABLE.contains(name)) {
      return child(name);
    }
    throw new MissingPropertyException(name, Dsl.class);
  }

  @Override
  public void setProperty(String name, Object value) {
    child(name).add(List.of(value));
  }

  private void configure(Closure<?> block) {
    block.setDelegate(this);
    block.setResolveStrategy(Closure.DELEGATE_FIRST);
    block.call();
  }

  private Dsl child(String name) {
    return new Dsl(path.isEmpty() ? name : path + "." + name, values);
  }

  private void add(List<?> more) {
    values.computeIfAbsent(path, key -> new ArrayList<>()).addAll(more);
  }
}
