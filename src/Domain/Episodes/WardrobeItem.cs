namespace MediaPlatform.Domain.Episodes;

/// <summary>Where something is worn or carried.</summary>
public enum WardrobeSlot { Top, Bottom, Dress, Outerwear, Shoes, Purse, Necklace, Earrings, Bracelets, Rings, Belt, Scarf, HairAccessory, Other }
