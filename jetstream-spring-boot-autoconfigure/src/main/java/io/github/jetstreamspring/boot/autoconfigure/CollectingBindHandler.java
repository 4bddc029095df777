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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.jetstreamspring.boot.autoconfigure.InvalidPropertiesException.Problem;
import io.github.jetstreamspring.boot.autoconfigure.PropertyChecks.InvalidValue;
import io.github.jetstreamspring.boot.autoconfigure.PropertyChecks.InvalidValuesException;
import io.github.jetstreamspring.listener.ListenerOptions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.origin.Origin;

/**
 * Binds {@code jetstream.*} to the end, whatever is wrong with it, and then reports all
 * of it: values that can't be converted, have no unit or are out of range, and keys that
 * nobody knows. Other properties are bound as ever.
 */
final class CollectingBindHandler implements BindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("jetstream");

	private static final ConfigurationPropertyName REPORT = ROOT.append("topology.report");

	private static final Log logger = LogFactory.getLog(CollectingBindHandler.class);

	// Neither environment variables nor system properties
	private static final UnboundElementsSourceFilter OWN = new UnboundElementsSourceFilter();

	private final BindHandler strict;

	private final SpelledNames names;

	private final Set<String> bound = new HashSet<>();

	private final Map<ConfigurationPropertyName, Problem> problems = new LinkedHashMap<>();

	private BindHandler delegate;

	private boolean collecting;

	CollectingBindHandler(BindHandler parent, SpelledNames names) {
		this.names = names;
		this.delegate = parent;
		this.strict = new NoUnboundElementsBindHandler(parent, (source) -> true);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		if (name.equals(ROOT)) {
			this.delegate = this.strict;
			this.collecting = true;
		}
		return this.delegate.onStart(name, target, context);
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		Object bound = this.delegate.onSuccess(name, target, context, result);
		if (!this.collecting) {
			return bound;
		}
		this.bound.add(letters(name));
		String problem = DurationUnits.problem(name, target, context, result);
		if (problem != null) {
			add(name, problem, context);
			return null;
		}
		if (result instanceof ListenerOptions options) {
			options.invalid().forEach((option) -> add(name.append(option.key()), option.expectation(), context));
		}
		if (bound instanceof Map<?, ?> map) {
			return EchoedNames.removeFrom(name, SpelledNames.withoutMarks(map), context);
		}
		return bound;
	}

	@Override
	public Object onCreate(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
		return this.delegate.onCreate(name, target, context, result);
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		if (!this.collecting || error instanceof InvalidPropertiesException) {
			return this.delegate.onFailure(name, target, context, error);
		}
		if (name.equals(REPORT) && isEmpty(name, context)) {
			// An option of the command line: --jetstream.topology.report
			return true;
		}
		collect(name, target, context, error);
		if (name.equals(ROOT)) {
			onFinish(name, target, context, null);
		}
		// Bound as if it was not set, to see what else is wrong
		return null;
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		try {
			this.delegate.onFinish(name, target, context, result);
		}
		catch (UnboundConfigurationPropertiesException ex) {
			ex.getUnboundProperties()
				.stream()
				.filter((property) -> !this.problems.containsKey(property.getName())
						&& !property.getName().equals(REPORT))
				.forEach((property) -> addUnknown(property, context));
		}
		if (this.collecting && name.equals(ROOT) && !this.problems.isEmpty()) {
			throw new InvalidPropertiesException(this.problems.values());
		}
	}

	private void collect(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
		InvalidValuesException invalid = InvalidValuesException.in(error);
		if (invalid == null) {
			if (target.getType().resolve() == List.class
					&& this.problems.keySet().stream().anyMatch(name::isAncestorOf)) {
				// One of its elements says it better
				return;
			}
			add(name, BindFailureDescription.of(name, target, error), context);
			return;
		}
		for (InvalidValue value : invalid.values()) {
			add(name.append(value.key()), value.expectation(), context);
		}
	}

	private void addUnknown(ConfigurationProperty property, BindContext context) {
		ConfigurationPropertyName name = property.getName();
		if (isIn(context.getSources(), name)) {
			String problem = UnknownKeys.problem(name, "".equals(property.getValue()));
			if (problem != null) {
				add(name, problem, context);
			}
		}
		else if (!this.bound.contains(letters(name)) && !UnknownKeys.question(name).isEmpty()) {
			// It can be somebody else's, so it is no failure
			logger.warn(new Problem(name.toString(), "there is no such property" + UnknownKeys.question(name),
					property.getOrigin()));
		}
	}

	private static boolean isIn(Iterable<ConfigurationPropertySource> sources, ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : sources) {
			if (OWN.apply(source) && source.getConfigurationProperty(name) != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns a name as an environment variable has it, whose words may be divided at
	 * other places.
	 */
	private static String letters(ConfigurationPropertyName name) {
		return EchoedNames.letters(name);
	}

	private void add(ConfigurationPropertyName name, String description, BindContext context) {
		if (!this.names.isRepeated(name)) {
			this.problems.putIfAbsent(name,
					new Problem(SpelledNames.withoutMarks(name.toString()), description, origin(name, context)));
		}
	}

	private static boolean isEmpty(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return "".equals(property.getValue());
			}
		}
		return false;
	}

	private static @Nullable Origin origin(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			Origin origin = Origin.from(source.getConfigurationProperty(name));
			if (origin != null) {
				return origin;
			}
		}
		return null;
	}

}
