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

package io.github.jetstreamspring.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * Reads in the code of a method of which classes the object may be that it returns. The
 * type that it declares may be an interface, and to call it would be to make a bean that
 * is to be made when somebody needs it.
 */
final class ReturnedTypes {

	// Whose classes have no listeners
	private static final List<String> LIBRARIES = List.of("java.", "org.springframework.");

	private final Class<?> declaring;

	private final Class<?> declared;

	private final Set<String> names = new LinkedHashSet<>();

	private final Set<String> read = new HashSet<>();

	private final Deque<String> unread = new ArrayDeque<>();

	private ReturnedTypes(Method method) {
		this.declaring = method.getDeclaringClass();
		this.declared = method.getReturnType();
		this.unread.add(method.getName());
	}

	/**
	 * Returns the classes of which a method makes objects, or gets them from others, that
	 * it can return.
	 * @param method the method
	 * @return the classes, none if the code can't be read
	 */
	static Set<Class<?>> of(Method method) {
		return isOfLibrary(method.getDeclaringClass().getName()) ? Set.of() : new ReturnedTypes(method).find();
	}

	private Set<Class<?>> find() {
		byte[] code = code();
		if (code == null) {
			return Set.of();
		}
		ClassReader reader = new ClassReader(code);
		while (!this.unread.isEmpty()) {
			String next = this.unread.remove();
			if (this.read.add(next)) {
				reader.accept(new Methods(next), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
			}
		}
		Set<Class<?>> types = new LinkedHashSet<>();
		for (String name : this.names) {
			if (!isOfLibrary(name)) {
				load(name, types);
			}
		}
		return types;
	}

	private static boolean isOfLibrary(String type) {
		for (String library : LIBRARIES) {
			if (type.startsWith(library)) {
				return true;
			}
		}
		return false;
	}

	private byte @Nullable [] code() {
		try (InputStream stream = this.declaring.getResourceAsStream(ClassUtils.getClassFileName(this.declaring))) {
			return (stream != null) ? stream.readAllBytes() : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private void load(String name, Set<Class<?>> types) {
		try {
			Class<?> type = ClassUtils.forName(name, this.declaring.getClassLoader());
			if (this.declared.isAssignableFrom(type)) {
				types.add(type);
			}
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// It isn't made as long as it isn't there
		}
	}

	private final class Methods extends ClassVisitor {

		private final String name;

		Methods(String name) {
			super(SpringAsmInfo.ASM_VERSION);
			this.name = name;
		}

		@Override
		public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
				@Nullable String signature, String @Nullable [] exceptions) {
			return name.equals(this.name) ? new Code() : null;
		}

	}

	private final class Code extends MethodVisitor {

		Code() {
			super(SpringAsmInfo.ASM_VERSION);
		}

		@Override
		public void visitTypeInsn(int opcode, String type) {
			if (opcode == Opcodes.NEW) {
				ReturnedTypes.this.names.add(Type.getObjectType(type).getClassName());
			}
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			called(owner, name, descriptor);
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
			for (Object argument : arguments) {
				if (argument instanceof Handle handle) {
					called(handle.getOwner(), handle.getName(), handle.getDesc());
				}
			}
		}

		private void called(String owner, String name, String descriptor) {
			Type returned = Type.getReturnType(descriptor);
			if (returned.getSort() == Type.OBJECT) {
				ReturnedTypes.this.names.add(returned.getClassName());
			}
			if (owner.equals(Type.getInternalName(ReturnedTypes.this.declaring))) {
				ReturnedTypes.this.unread.add(name);
			}
		}

	}

}
