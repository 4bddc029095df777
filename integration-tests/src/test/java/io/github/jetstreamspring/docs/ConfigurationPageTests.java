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

package io.github.jetstreamspring.docs;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamProperties;
import io.github.jetstreamspring.boot.autoconfigure.NamedConnectionProperties;
import io.github.jetstreamspring.boot.autoconfigure.StreamProperties;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyMode;
import io.github.jetstreamspring.topology.TopologyResult;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page about the configuration has every key, as the code and the server have it.
 */
@EmbeddedNats
class ConfigurationPageTests {

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final String METADATA_OF_TYPES = "META-INF/spring/configuration-metadata/";

	// Keys that have a table of their own
	private static final Set<String> OF_OTHER_TYPES = Set.of("consumers", "mirror", "sources", "placement", "republish",
			"subject-transform", "subject-transforms", "consumer-limits");

	// Has the keys of the default connection once more
	private static final String CONNECTIONS = "jetstream.connections";

	private final Map<String, Row> page = read(Path.of("../docs/configuration.md"));

	private final Map<String, RecordComponent> keys = keys("jetstream.", JetStreamProperties.class);

	@Test
	void everyKeyIsOnThePageAndNoOther() {
		assertThat(this.page.keySet()).containsExactlyInAnyOrderElementsOf(this.keys.keySet());
	}

	@Test
	void connectionsHaveTheKeysOfTheDefaultOne() throws IOException {
		Map<String, RecordComponent> all = Arrays.stream(JetStreamProperties.class.getRecordComponents())
			.collect(Collectors.toMap(RecordComponent::getName, Function.identity()));
		String page = Files.readString(Path.of("../docs/configuration.md"));
		String section = page.substring(page.indexOf("## Further connections"));
		for (RecordComponent component : NamedConnectionProperties.class.getRecordComponents()) {
			RecordComponent same = all.get(component.getName());
			assertThat(same).as(component.getName()).isNotNull();
			assertThat(component.getGenericType()).isEqualTo(same.getGenericType());
			assertThat(component.getAnnotation(DefaultValue.class)).isEqualTo(same.getAnnotation(DefaultValue.class));
			assertThat(section).contains("`" + kebab(component.getName()) + "`");
		}
	}

	@Test
	void everyPropertyOfTheMetadataIsOnThePage() throws IOException {
		assertThat(metadata().keySet()).isNotEmpty()
			.filteredOn((name) -> !name.equals(CONNECTIONS))
			.allSatisfy((name) -> assertThat(this.page.keySet())
				.anyMatch((key) -> key.equals(name) || key.startsWith(name + ".")));
	}

	@Test
	void keysBelowMapsAreDescribedInTheMetadataOfTheirTypes() throws IOException {
		Map<String, Set<String>> described = new LinkedHashMap<>();
		Map<String, Row> belowMaps = new LinkedHashMap<>(this.page);
		belowMaps.keySet().removeIf((key) -> !key.contains("<"));
		assertThat(belowMaps).hasSizeGreaterThan(100);
		for (Map.Entry<String, Row> entry : belowMaps.entrySet()) {
			String key = entry.getKey();
			Class<?> type = this.keys.get(key).getDeclaringRecord();
			Class<?> outer = (type.getDeclaringClass() != null) ? type.getDeclaringClass() : type;
			boolean listener = outer == ListenerOptions.class;
			String name = listener ? key.replace("listeners.<id>", "listener") : nameIn(outer, type, key);
			JsonNode property = properties(listener ? METADATA : METADATA_OF_TYPES + outer.getName() + ".json")
				.get(name);
			assertThat(property).as(key).isNotNull();
			String description = property.path("description").asString("");
			assertThat(description).as(key).matches("\\p{Lu}.*\\.");
			if (entry.getValue().literals().size() == 1) {
				String literal = entry.getValue().literals().get(0);
				assertThat(listener ? defaultValue(property) : description).as(key)
					.matches(listener ? "%s(\\.0)?".formatted(literal) : ".*\\(default: %s\\)\\.".formatted(literal));
			}
			described.computeIfAbsent(outer.getName(), (ignored) -> new TreeSet<>()).add(name);
		}
		described.remove(ListenerOptions.class.getName());
		for (Map.Entry<String, Set<String>> type : described.entrySet()) {
			Set<String> names = new TreeSet<>(properties(METADATA_OF_TYPES + type.getKey() + ".json").keySet());
			names.removeAll(OF_OTHER_TYPES);
			assertThat(names).as(type.getKey()).isEqualTo(type.getValue());
		}
	}

	@Test
	void keysOfNamedConnectionsAreDescribed() throws IOException {
		Map<String, JsonNode> properties = properties(
				METADATA_OF_TYPES + NamedConnectionProperties.class.getName() + ".json");
		assertThat(properties.keySet())
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(NamedConnectionProperties.class.getRecordComponents())
				.map((component) -> kebab(component.getName()))
				.toList());
		assertThat(properties.values())
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).matches("\\p{Lu}.*\\."));
	}

	private static String defaultValue(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		return (value.isArray() ? value.get(0) : value).asString("");
	}

	private static String nameIn(Class<?> outer, Class<?> type, String key) {
		String name = key.substring(key.lastIndexOf('.') + 1);
		return (type != outer) ? kebab(type.getSimpleName()).replaceFirst("^-", "") + "." + name : name;
	}

	private static Map<String, JsonNode> properties(String resource) throws IOException {
		Map<String, JsonNode> properties = new LinkedHashMap<>();
		try (InputStream json = JetStreamProperties.class.getClassLoader().getResourceAsStream(resource)) {
			assertThat(json).as(resource).isNotNull();
			for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
				properties.put(property.get("name").asString(), property);
			}
		}
		return properties;
	}

	@Test
	void typesAreThoseOfTheCode() {
		this.keys.forEach((key, component) -> assertThat(this.page.get(key).type()).as(key).isEqualTo(type(component)));
	}

	@Test
	void defaultsAreThoseOfTheCode() {
		this.keys.forEach((key, component) -> {
			DefaultValue defaultValue = component.getAnnotation(DefaultValue.class);
			if (defaultValue != null) {
				assertThat(this.page.get(key).literals()).as(key).containsExactly(defaultValue.value());
			}
		});
	}

	@Test
	void defaultsAreThoseOfTheMetadata() throws IOException {
		metadata().forEach((name, defaultValue) -> {
			if (!defaultValue.isEmpty()) {
				assertThat(this.page.get(name).literals()).as(name).containsExactly(defaultValue);
			}
		});
	}

	@Test
	void defaultsOfListenersAreThoseOfTheCode() {
		assertThat(bind("jetstream.listener", ListenerOptions.class)).isEqualTo(ListenerOptions.DEFAULTS);
	}

	@Test
	void defaultsOfStreamsAndConsumersAreThoseOfTheServer(EmbeddedNatsServer server) throws Exception {
		StreamProperties defaults = bind("jetstream.streams.<stream>", StreamProperties.class);
		Map<String, String> consumer = Map.of("consumers.worker.description", "");
		StreamProperties left = new Binder(new MapConfigurationPropertySource(consumer))
			.bind("", StreamProperties.class)
			.get();
		try (ConfigurableApplicationContext context = Snippets.run(ConfigurationSnippetTests.Application.class,
				"empty.yml", "jetstream.servers=" + server.url())) {
			Connection connection = context.getBean(Connection.class);
			TopologyDeclarer declarer = new TopologyDeclarer(connection.jetStreamManagement(),
					() -> connection.getServerInfo().getVersion(), TopologyMode.UPDATE);
			declarer.declare(new Topology(List.of(left.toDefinition("orders"))));
			StreamDefinition everything = defaults.toDefinition("orders");
			assertThat(everything.consumers()).hasSize(1);
			assertThat(declarer.declare(new Topology(List.of(everything)))).hasSize(2)
				.allSatisfy((result) -> assertThat(result.outcome()).as(result.toString())
					.isEqualTo(TopologyResult.Outcome.UNCHANGED));
		}
	}

	/**
	 * Binds the defaults on the page.
	 */
	private <T> T bind(String name, Class<T> type) {
		Map<String, String> values = new LinkedHashMap<>();
		this.page.forEach((key, row) -> {
			if (key.startsWith(name + ".") && row.literals().size() == 1) {
				values.put(key.substring(name.length() + 1).replace("<consumer>", "worker"), row.literals().get(0));
			}
		});
		values.keySet().removeIf((key) -> key.startsWith("republish"));
		return new Binder(new MapConfigurationPropertySource(values)).bind("", type).get();
	}

	/**
	 * Returns the properties of the generated metadata, groups included, with their
	 * defaults or empty strings.
	 */
	private static Map<String, String> metadata() throws IOException {
		Map<String, String> properties = new LinkedHashMap<>();
		ClassLoader classLoader = JetStreamProperties.class.getClassLoader();
		try (InputStream json = classLoader.getResourceAsStream(METADATA)) {
			for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
				properties.put(property.get("name").asString(), property.path("defaultValue").asString(""));
			}
		}
		properties.keySet().removeIf((name) -> !name.startsWith("jetstream."));
		return properties;
	}

	/**
	 * Reads the tables. A paragraph that begins with "Below" says what the keys of the
	 * next one begin with.
	 */
	private static Map<String, Row> read(Path path) {
		Map<String, Row> rows = new LinkedHashMap<>();
		List<String> prefixes = List.of();
		try {
			for (String paragraph : Files.readString(path).split("\n\n")) {
				if (paragraph.startsWith("Below `")) {
					prefixes = code(paragraph);
				}
				for (String line : paragraph.lines().filter((line) -> line.startsWith("| `")).toList()) {
					String[] cells = line.split("\\|");
					Row row = new Row(cells[2].strip(), code(cells[3]));
					prefixes.forEach((prefix) -> rows.put(prefix + code(cells[1]).get(0), row));
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return rows;
	}

	private static List<String> code(String text) {
		return CODE.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
	}

	private static Map<String, RecordComponent> keys(String prefix, Class<?> properties) {
		Map<String, RecordComponent> keys = new LinkedHashMap<>();
		for (RecordComponent component : properties.getRecordComponents()) {
			String key = prefix + kebab(component.getName());
			if (key.equals(CONNECTIONS)) {
				continue;
			}
			List<Type> types = new ArrayList<>(List.of(component.getGenericType()));
			if (component.getGenericType() instanceof ParameterizedType parameterized) {
				types = List.of(parameterized.getActualTypeArguments());
			}
			if (types.get(types.size() - 1) instanceof Class<?> nested && nested.isRecord()) {
				keys.putAll(keys(key + separator(component), nested));
			}
			else {
				keys.put(key, component);
			}
		}
		return keys;
	}

	private static String separator(RecordComponent component) {
		if (component.getType() == List.class) {
			return "[].";
		}
		return switch ((component.getType() == Map.class) ? component.getName() : "") {
			case "streams" -> ".<stream>.";
			case "consumers" -> ".<consumer>.";
			case "listeners" -> ".<id>.";
			case "schedules" -> ".<schedule>.";
			default -> ".";
		};
	}

	private static String type(RecordComponent component) {
		Class<?> type = component.getType();
		if (type.isEnum()) {
			return Arrays.stream(type.getEnumConstants())
				.map((constant) -> "`" + kebab(((Enum<?>) constant).name()) + "`")
				.collect(Collectors.joining(", "));
		}
		if (type == int.class || Number.class.isAssignableFrom(type)) {
			return "number";
		}
		return Map
			.<Class<?>, String>of(String.class, "text", boolean.class, "boolean", Boolean.class, "boolean",
					Duration.class, "duration", DataSize.class, "size", Instant.class, "time", List.class, "list",
					Map.class, "map", Resource.class, "resource")
			.get(type);
	}

	private static String kebab(String name) {
		return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").replace('_', '-').toLowerCase(Locale.ROOT);
	}

	/**
	 * A row of a table.
	 *
	 * @param type the type
	 * @param literals the values in the default's cell; none if it is left out or
	 * described in words
	 */
	private record Row(String type, List<String> literals) {
	}

}
