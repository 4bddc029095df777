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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.jetstreamspring.boot.autoconfigure.InvalidPropertiesException.Problem;
import io.github.jetstreamspring.boot.autoconfigure.PropertyChecks.InvalidValue;
import io.github.jetstreamspring.boot.autoconfigure.PropertyChecks.InvalidValuesException;
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
 * of it: values that can't be converted or are out of range, and keys that nobody knows.
 * Other properties are bound as ever.
 */
final class CollectingBindHandler implements BindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("jetstream");

	private static final ConfigurationPropertyName REPORT = ROOT.append("topology.report");

	private final BindHandler strict;

	private final Map<ConfigurationPropertyName, Problem> problems = new LinkedHashMap<>();

	private BindHandler delegate;

	private boolean collecting;

	CollectingBindHandler(BindHandler parent) {
		this.delegate = parent;
		this.strict = new NoUnboundElementsBindHandler(parent, new UnboundElementsSourceFilter());
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
		return this.delegate.onSuccess(name, target, context, result);
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
				.forEach((property) -> add(
						property.getName(), "".equals(property.getValue())
								? "it has no value, or there is no such property" : "there is no such property",
						context));
		}
		if (this.collecting && name.equals(ROOT) && !this.problems.isEmpty()) {
			throw new InvalidPropertiesException(this.problems.values());
		}
	}

	private void collect(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
		InvalidValuesException invalid = InvalidValuesException.in(error);
		if (invalid == null) {
			add(name, BindFailureDescription.of(target, error), context);
			return;
		}
		for (InvalidValue value : invalid.values()) {
			add(name.append(value.key()), value.expectation(), context);
		}
	}

	private void add(ConfigurationPropertyName name, String description, BindContext context) {
		this.problems.putIfAbsent(name, new Problem(name.toString(), description, origin(name, context)));
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
