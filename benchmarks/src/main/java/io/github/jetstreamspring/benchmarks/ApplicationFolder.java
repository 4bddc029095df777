/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An application as Boot's {@code extract} lays it out: a jar that names its libraries,
 * and the libraries beside it. They are those that this JVM runs with itself, without
 * what only the benchmarks need.
 */
final class ApplicationFolder {

	// What a plain application with spring-boot-starter and spring-boot-starter-jackson
	// has
	private static final String PLAIN = "spring-boot|spring-boot-(autoconfigure|jackson|starter|starter-(jackson|logging))"
			+ "|spring-(core|beans|context|aop|expression)|micrometer-(observation|commons)|jackson-.*|snakeyaml"
			+ "|logback-.*|log4j-.*|slf4j-api|jul-to-slf4j|jspecify|jakarta.annotation-api|commons-logging";

	// And what the starter adds
	private static final String STARTER = "jetstream-spring-boot-(autoconfigure|starter)|jnats|bcprov-.*|spring-messaging"
			+ "|micrometer-core|HdrHistogram|LatencyUtils";

	private static final Pattern VERSION = Pattern.compile("-\\d[^/]*\\.jar$");

	private ApplicationFolder() {
	}

	/**
	 * Lays out an application.
	 * @param folder where to
	 * @param starter whether it has the starter
	 * @param yaml its {@code application.yml}
	 * @return the jar to run
	 */
	static Path create(Path folder, boolean starter, String yaml) throws IOException {
		Pattern wanted = Pattern.compile(starter ? PLAIN + "|" + STARTER : PLAIN);
		Path libraries = Files.createDirectories(folder.resolve("lib"));
		List<String> names = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(element).toAbsolutePath();
			String artifact = artifact(path);
			if (artifact != null && Files.exists(path) && wanted.matcher(artifact).matches()) {
				String name = Files.isDirectory(path) ? artifact + ".jar" : path.getFileName().toString();
				copy(path, libraries.resolve(name));
				names.add("lib/" + name);
			}
		}
		Path jar = folder.resolve("application.jar");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", names));
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			out.putNextEntry(new JarEntry("application.yml"));
			out.write(yaml.getBytes(StandardCharsets.UTF_8));
			addClasses(out, ownClasses());
		}
		return jar;
	}

	// In a build of all modules they come as folders, which no CDS archive can be made of
	private static void copy(Path path, Path to) throws IOException {
		if (!Files.isDirectory(path)) {
			Files.copy(path, to);
			return;
		}
		try (OutputStream file = Files.newOutputStream(to); JarOutputStream out = new JarOutputStream(file)) {
			add(out, path, path);
		}
	}

	private static void addClasses(JarOutputStream out, Path classes) throws IOException {
		add(out, classes, classes.resolve("io"));
	}

	private static void add(JarOutputStream out, Path root, Path folder) throws IOException {
		List<Path> files;
		try (Stream<Path> all = Files.walk(folder)) {
			files = all.filter(Files::isRegularFile).sorted().toList();
		}
		for (Path file : files) {
			out.putNextEntry(new JarEntry(root.relativize(file).toString().replace(File.separatorChar, '/')));
			Files.copy(file, out);
		}
	}

	private static Path ownClasses() {
		try {
			return Path.of(ApplicationFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// The name of a jar without its version, or of the module whose classes are in a
	// folder
	private static @Nullable String artifact(Path path) {
		if (Files.isDirectory(path)) {
			int names = path.getNameCount();
			return path.endsWith(Path.of("target", "classes")) ? path.getName(names - 3).toString() : null;
		}
		return VERSION.matcher(path.getFileName().toString()).replaceFirst("");
	}

}
