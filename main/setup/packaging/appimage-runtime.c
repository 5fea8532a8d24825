/*
 * The first bytes of an AppImage built without electron-builder's download host: unpacks the squashfs image that
 * follows into the user's cache once, then starts AppRun in it. Needs nothing of the system it runs on, FUSE included.
 *
 *   --appimage-extract   unpacks into ./squashfs-root instead
 *   --appimage-offset    prints where the image begins
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <squashfuse/squashfuse.h>

static void fail(const char *what, const char *name) {
  fprintf(stderr, "Rushes can't unpack itself: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

/* Length of this ELF file: its section headers come last (System V ABI, chapter 4). */
static size_t runtime_size(const char *self) {
  Elf64_Ehdr header;
  FILE *file = fopen(self, "rb");
  if (!file || fread(&header, sizeof header, 1, file) != 1) fail("can't read", self);
  fclose(file);
  return header.e_shoff + (size_t)header.e_shentsize * header.e_shnum;
}

static void write_file(sqfs *image, sqfs_inode *inode, const char *path, mode_t mode) {
  static char buffer[1 << 20];
  int target = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (target < 0) fail("can't write", path);
  for (sqfs_off_t at = 0; at < (sqfs_off_t)inode->xtra.reg.file_size;) {
    sqfs_off_t length = sizeof buffer;
    if (sqfs_read_range(image, inode, at, &length, buffer) || length <= 0) {
      errno = EIO;
      fail("can't read", path);
    }
    for (sqfs_off_t done = 0; done < length;) {
      ssize_t written = write(target, buffer + done, length - done);
      if (written < 0) fail("can't write", path);
      done += written;
    }
    at += length;
  }
  if (fchmod(target, mode & 0777) || close(target)) fail("can't write", path);
}

static void write_link(sqfs *image, sqfs_inode *inode, const char *path) {
  char text[PATH_MAX];
  size_t size = sizeof text;
  if (sqfs_readlink(image, inode, text, &size) || symlink(text, path)) fail("can't link", path);
}

static void write_entry(sqfs *image, sqfs_traverse *walk, const char *folder) {
  char path[PATH_MAX];
  sqfs_inode inode;
  if (snprintf(path, sizeof path, "%s/%s", folder, walk->path) >= (int)sizeof path ||
      sqfs_inode_get(image, &inode, sqfs_dentry_inode(&walk->entry)))
    fail("can't read", walk->path);
  switch (inode.base.inode_type) {
    case SQUASHFS_DIR_TYPE:
    case SQUASHFS_LDIR_TYPE:
      if (mkdir(path, 0755)) fail("can't make", path);
      break;
    case SQUASHFS_REG_TYPE:
    case SQUASHFS_LREG_TYPE:
      write_file(image, &inode, path, inode.base.mode);
      break;
    case SQUASHFS_SYMLINK_TYPE:
    case SQUASHFS_LSYMLINK_TYPE:
      write_link(image, &inode, path);
      break;
  }
}

static void unpack(const char *self, size_t offset, const char *folder) {
  sqfs image;
  sqfs_traverse walk;
  sqfs_err error = SQFS_OK;
  if (sqfs_open_image(&image, self, offset)) exit(1);
  if (mkdir(folder, 0755)) fail("can't make", folder);
  if (sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image))) fail("can't read", self);
  while (sqfs_traverse_next(&walk, &error))
    if (!walk.dir_end) write_entry(&image, &walk, folder);
  if (error) fail("can't read", self);
  sqfs_traverse_close(&walk);
}

static void make_folders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(path, 0755) && errno != EEXIST) fail("can't make", path);
    *slash = '/';
  }
}

/* Folder of this very file's content, unpacked. Two starts at once wait for each other on a lock. */
static void unpack_once(const char *self, size_t offset, char *folder, size_t size) {
  struct stat facts;
  char partial[PATH_MAX + 16], lock_path[PATH_MAX + 16];
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (stat(self, &facts)) fail("can't read", self);
  int length = cache && *cache == '/' ? snprintf(folder, size, "%s", cache) : snprintf(folder, size, "%s/.cache", home ? home : "/tmp");
  snprintf(folder + length, size - length, "/rushes/appimage-%lld-%lld", (long long)facts.st_size, (long long)facts.st_mtime);
  make_folders(folder);
  snprintf(lock_path, sizeof lock_path, "%s.lock", folder);
  int lock = open(lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX)) fail("can't lock", lock_path);
  if (access(folder, F_OK)) {
    snprintf(partial, sizeof partial, "%s.%d", folder, (int)getpid());
    unpack(self, offset, partial);
    if (rename(partial, folder)) fail("can't make", folder);
  }
  close(lock);
}

int main(int count, char **values) {
  char self[PATH_MAX] = "", folder[PATH_MAX], launcher[PATH_MAX + 16];
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) fail("can't find", values[0]);
  size_t offset = runtime_size(self);
  if (count > 1 && !strcmp(values[1], "--appimage-offset")) return printf("%zu\n", offset) < 0;
  if (count > 1 && !strcmp(values[1], "--appimage-extract")) {
    unpack(self, offset, "squashfs-root");
    return 0;
  }
  unpack_once(self, offset, folder, sizeof folder);
  setenv("APPDIR", folder, 1);
  setenv("APPIMAGE", self, 1);
  setenv("ARGV0", values[0], 1);
  snprintf(launcher, sizeof launcher, "%s/AppRun", folder);
  execv(launcher, values);
  fail("can't start", launcher);
}
